"""The parts of the handle on one fake: arranging, faults, the clock, the journal with its assertions.

Tests use them through ``testing.handle.FakeWebflow``, programs in other languages through the control interface.
"""
