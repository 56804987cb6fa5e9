import Glibc

extension UnsafeRawBufferPointer {
    /// Whether two buffers of one length hold the same bytes, compared many at a time. Not for secrets: it ends at the
    /// first difference.
    @inline(__always)
    func isSame(as other: UnsafeRawBufferPointer) -> Bool {
        guard let start = baseAddress, let otherStart = other.baseAddress else { return count == other.count }
        return count == other.count && memcmp(start, otherStart, count) == 0
    }
}
