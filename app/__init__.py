"""Everything that knows Streamlit: entry, session state, jobs, widgets, charts, components."""
