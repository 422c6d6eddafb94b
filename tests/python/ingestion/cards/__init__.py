"""Writers of card acquirers' files: fields one after the other by their widths, not by place."""
