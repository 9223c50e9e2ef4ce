"""`python -m footnote.serving.rasa ...`: Rasa's own command line, without TensorFlow.

The project's environment does the same for a plain `rasa ...` (tools/setup_env.py); this holds
in any other environment, too.
"""

import warnings

from footnote import without_tensorflow

if __name__ == "__main__":
    without_tensorflow.install()

    import sanic  # noqa: F401

    # Sanic turns on what the interpreter was told to leave out: 40 lines at each start.
    warnings.filterwarnings("ignore", category=DeprecationWarning)

    from rasa.__main__ import main

    main()
