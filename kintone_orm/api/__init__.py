"""kintone's REST API, one function per endpoint: plain data in, plain data out.

The first argument of every function is a connection. The result is kintone's answer, as the
endpoint's document shows it. Ids, revisions and counts are text in answers, and int or text as
arguments. An argument beyond a limit of kintone raises ValueError before a request is sent. A
refusal of kintone raises a `kintone_orm.exceptions.APIError`.
"""
