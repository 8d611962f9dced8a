"""A corrected key as a reviewed change: proposed, shown as a diff, applied, undone.

forms (what an instructor corrects) -> marking.correct (pure) -> queries (the shadow run) -> actions -> views

Whatever it touches follows from the answers' marks: scores and boards are sums of them, and streaks count days, not
marks. Cards in the review follow one by one, see cards.py. The bank's file is not touched: content.py says how long a
correction outlives it.
"""
