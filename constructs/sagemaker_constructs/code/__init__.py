"""Brings a program of your own into a job: `TrainingCode`, and the framework images that run it.

`files` reads what is to be packed and refuses what must not be; `packing` makes an archive of it and names it by its
contents; `construct` uploads it; `framework_image` is the address of an image of AWS's.
"""
