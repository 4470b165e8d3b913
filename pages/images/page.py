"""Images: can it dream?"""

from app.controls import sidebar
from pages.images import panel
from pages.images.acts.choice import show_chosen
from pages.images.desk import shown_now

recipe = sidebar.show("image")
view = shown_now(recipe)
panel.controls(view, recipe)
show_chosen(view, recipe)
