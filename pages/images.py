"""Images: can it dream?"""

from app.image_desk import view as on_show
from app.widgets import image_acts, image_panel, sidebar

recipe = sidebar.show("image")
view = on_show(recipe)
image_panel.controls(view, recipe)
image_acts.show(view, recipe)
