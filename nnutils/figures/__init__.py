"""What the figures of all lessons share: the style, bars, landscapes, and figures with sliders (Explorer)."""
