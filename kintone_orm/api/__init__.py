"""kintone's REST API, one function per endpoint: plain data in, plain data out.

Every function takes the connection first and returns kintone's answer as its document shows it.
Ids, revisions and counts come back as text; they may be given as int or text. What goes over one
of kintone's numbers is refused with a ValueError before anything is sent; kintone's own refusals
are the exceptions under `kintone_orm.exceptions.APIError`.
"""
