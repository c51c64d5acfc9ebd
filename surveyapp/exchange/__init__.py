"""Questionnaires in the formats of others: XLSForm in and out, DDI-Codebook out."""
