#!/usr/bin/env python3
"""Prints the frequencies of the 20 most frequent tokens of a dataset, or of one of its splits.

Usage: count_tokens.py DATASET [SPLIT]
"""

import sys

import numpy

import aurl

dataset = aurl.Dataset(sys.argv[1])
split = sys.argv[2] if len(sys.argv) > 2 else None
counts = numpy.zeros(aurl.TOKENS, numpy.int64)
for piece in dataset.pieces(split):
    counts += numpy.bincount(dataset.tokens(piece), minlength=aurl.TOKENS)
for token in numpy.argsort(-counts, kind="stable")[:20]:
    print(f"{counts[token]:9}  {aurl.token_name(token)}")
