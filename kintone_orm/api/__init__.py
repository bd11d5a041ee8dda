"""kintone's REST API, one function per endpoint: plain data in, plain data out.

Every function takes a connection first and returns kintone's answer as the endpoint's document
shows it. Ids, revisions and counts come back as text; arguments may be int or text. An argument
beyond one of kintone's limits is a ValueError, before a request is sent. A refusal of kintone is a
`kintone_orm.exceptions.APIError`.
"""
