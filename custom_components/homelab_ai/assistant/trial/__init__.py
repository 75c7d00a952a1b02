"""How well a model runs a house: tasks in a make-believe house of 60 things. Imported when asked for."""
