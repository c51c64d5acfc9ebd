"""A questionnaire as an XLSForm: the workbook that ODK, KoboToolbox and others read.

XLSForm has no word for much of what a version holds (the short form, what counts as positive,
"don't know"). That stands in columns of our own, which other programs pass over and our own
reading takes back; what does not even fit there is told in remarks.
"""

from surveyapp.exchange.xlsform.reading import read_xlsform
from surveyapp.exchange.xlsform.writing import write_xlsform

__all__ = ["read_xlsform", "write_xlsform"]
