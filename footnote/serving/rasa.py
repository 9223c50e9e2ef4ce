"""`python -m footnote.serving.rasa ...`: Rasa's own command line, without TensorFlow.

The project's environment does the same for a plain `rasa ...` (tools/setup_env.py); this holds
in any other environment, too.
"""

from footnote import without_tensorflow
from footnote.serving.environment import hide_deprecations

if __name__ == "__main__":
    hide_deprecations()
    without_tensorflow.install()

    from rasa.__main__ import main

    from footnote.rasa_patches.training import compare_questions_by_text

    compare_questions_by_text()
    main()
