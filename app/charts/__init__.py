"""Charts: arrays in, Plotly figure dictionaries out; no Streamlit, no torch."""
