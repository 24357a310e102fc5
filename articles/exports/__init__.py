"""What others may keep: the log of all versions, the evidence of a change, datasets.

In comes what is stored; out come a log whose roots are published, zips that prove a change, and files of all
that readers may see. Nothing hidden or purged is in any of them. Read ``log`` first.

    log       appends every version to the Merkle log and publishes its roots
    stamps    has somebody else say when a root was there (RFC 3161), where TSA_URL is set
    packs     the evidence of one change as a zip
    wishes    what the sites of versions wish of machines
    tables    which tables a dataset has, and their columns
    files     JSON lines, CSV and Parquet files, written bit by bit
    datasets  an edition: all tables by month, with a manifest
    editions  the edition that is published: written bit by bit, served, withdrawn
    shelf     where its files are kept: in DATA_DIR or in a bucket
    trouble   what keeps it from being written, for those who run the site
    kept_pages  the kept pages as WARC
    tasks     what the queue calls by the clock
"""
