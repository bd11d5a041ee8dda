"""Creating the apps of models, and completing them: the parts of deploy()."""
