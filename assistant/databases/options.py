"""The names of the engines' execution options."""

WRITES = "imr_writes"  # the transaction takes the write lock when it begins
READS = "imr_reads"  # the transaction is one snapshot and changes nothing
FOLDER = "imr_folder"  # the data folder that belongs to the database
