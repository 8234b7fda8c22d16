gallery-maker = Manufacturer
gallery-maker-hint = Example: Sample Works, Ltd.
