# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Very deep networks
#
# TODO: the question that this lesson answers, in two or three plain sentences.
#
# **Takes** about 60 minutes · **Before this** lesson 01 (dev sets)
#
# **You will** TODO: what a student writes, sees and measures here.

# %%
import numpy as np

from nnutils import check, claim, measured, predict, quiz

# %% [markdown]
# ## TODO: a heading for the idea
#
# TODO: the idea in plain words, then the formula.
#
# **Your task.** Give back twice `x`.

# %% tags=["exercise"]
residual_forward

# %% [markdown]
# TODO: what the next cell measures. First a guess.

# %% tags=["predict"]
guess_residual_forward

# %%
value = residual_forward(np.array([1.0, 2.0]))
print(f"twice 1 and 2: {value}")
measured("guess_residual_forward", value.sum())
claim("the function gives back twice its argument", value, equal=[2, 4])

# %% [markdown]
# ## The same in Keras
#
# TODO: how Keras writes it.

# %% [markdown]
# ## Quiz

# %% tags=["quiz"]
why_residual_forward

# %% [markdown]
# ## Papers to read
#
# - TODO: author (year), *title*, where. Why to read it.

# %% [markdown]
# ## What you can do now
#
# TODO: what a student has learned and measured, in a few sentences.
