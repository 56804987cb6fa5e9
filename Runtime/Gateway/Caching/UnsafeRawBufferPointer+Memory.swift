import Glibc

extension UnsafeRawBufferPointer {
    /// Whether the bytes are those of an array, compared by words: for keys, which are longer than names.
    @inline(__always)
    func isSameMemory(as bytes: [UInt8]) -> Bool {
        guard count == bytes.count else { return false }
        return bytes.withUnsafeBytes { other in
            guard let left = baseAddress, let right = other.baseAddress else { return true }
            return memcmp(left, right, count) == 0
        }
    }
}
