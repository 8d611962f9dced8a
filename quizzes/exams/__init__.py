"""Mock exams: 필기 and 실기 by a blueprint, on the server's clock.

blueprints (pure) -> content (files to rows) -> actions (open a sitting, begin, pause, extra time, settle) -> views
"""
