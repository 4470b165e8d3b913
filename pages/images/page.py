"""Images: can it dream?"""

from app.controls import sidebar
from pages.images import panel as image_panel
from pages.images.acts import choice as image_acts
from pages.images.desk import view as on_show

recipe = sidebar.show("image")
view = on_show(recipe)
image_panel.controls(view, recipe)
image_acts.show(view, recipe)
