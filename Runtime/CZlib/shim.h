// zlib, and what of it are macros, which Swift does not see.
#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

#include <zlib.h>

/// Window bits of the gzip form (RFC 1952): 15, and 16 for the header and trailer.
enum { czlib_gzip_window = 31 };

/// `deflateInit2` for the gzip form with zlib's usual memory.
static inline int czlib_begin_deflate(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, czlib_gzip_window, 8, Z_DEFAULT_STRATEGY);
}

/// `inflateInit2` for the gzip form, and for no other.
static inline int czlib_begin_inflate(z_stream *stream) { return inflateInit2(stream, czlib_gzip_window); }

#endif
