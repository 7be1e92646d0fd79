"""What is wrong with the files of a workspace: names, form, shapes, tidiness."""
