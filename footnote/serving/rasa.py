"""`python -m footnote.serving.rasa ...`: Rasa's own command line, without TensorFlow.

The project's environment does the same for a plain `rasa ...` (tools/setup_env.py); this holds
in any other environment, too.
"""

import gc
import os

from footnote import without_tensorflow
from footnote.serving.environment import hide_deprecations

if __name__ == "__main__":
    hide_deprecations()
    without_tensorflow.install()

    from rasa.__main__ import main

    from footnote.rasa_patches import training

    training.compare_questions_by_text()
    # `footnote train` allows it nothing: it cannot see changed helper modules.
    if os.environ.get("RASA_MAX_CACHE_SIZE") == "0":
        training.leave_the_cache_alone()
        # Next to nothing that training lets go of refers to itself: 4 s less, 4% more memory.
        gc.disable()
    main()
