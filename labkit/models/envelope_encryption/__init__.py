"""Encryption with KMS: every step of a few objects, and the arithmetic of many.

`protocol` is who sends what to whom and who holds which key after it; `traffic` is what a steady
stream of objects asks of KMS, and costs.
"""
