/// Reads fields from a payload, in order; never past its end, never by a length that is not there.
public struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    /// A reader at the start of `bytes`, which must outlive it.
    public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// How many bytes are left.
    public var remaining: Int { bytes.count - offset }

    /// The next number, little endian. Throws `truncated` when it is not all there.
    @inline(__always)
    public mutating func integer<Number: FixedWidthInteger & UnsignedInteger>(
        _ type: Number.Type
    ) throws(FrameError) -> Number {
        guard remaining >= MemoryLayout<Number>.size else { throw .truncated }
        let value = Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
        offset += MemoryLayout<Number>.size
        return value
    }

    /// The next `count` bytes, in place.
    public mutating func bytes(_ count: Int) throws(FrameError) -> UnsafeRawBufferPointer {
        guard count >= 0, remaining >= count else { throw .truncated }
        let found = UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + count)])
        offset += count
        return found
    }

    /// A length of 4 bytes and as many bytes, in place.
    public mutating func counted() throws(FrameError) -> UnsafeRawBufferPointer {
        try bytes(Int(integer(UInt32.self)))
    }

    /// A length of 4 bytes and a text; what is not UTF-8 is repaired.
    public mutating func text() throws(FrameError) -> String {
        String(decoding: try counted(), as: UTF8.self)
    }

    /// A number that fits an `Int` and is not negative; `name` goes into the error.
    public mutating func count(_ name: FrameError.StaticName) throws(FrameError) -> Int {
        guard let value = Int(exactly: try integer(UInt64.self)) else { throw .invalidField(name) }
        return value
    }

    /// The length of a list whose elements have `atLeast` bytes each; throws when they cannot all be there.
    public mutating func listCount(atLeast size: Int) throws(FrameError) -> Int {
        let count = Int(try integer(UInt32.self))
        guard count <= remaining / max(size, 1) else { throw .truncated }
        return count
    }

    /// Everything that is left.
    public mutating func rest() -> UnsafeRawBufferPointer {
        let found = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        offset = bytes.count
        return found
    }

    /// Throws `trailingBytes` unless all was read.
    public func finish() throws(FrameError) {
        guard remaining == 0 else { throw .trailingBytes }
    }
}

extension ByteReader {
    mutating func headers() throws(FrameError) -> HeaderList {
        let packed = try counted()
        if packed.isEmpty { return HeaderList() }
        guard let list = HeaderList(packed: packed) else { throw .invalidField("headers") }
        return list
    }

    mutating func texts() throws(FrameError) -> [String] {
        let count = try listCount(atLeast: 4)
        if count == 0 { return [] }
        var found: [String] = []
        found.reserveCapacity(count)
        for _ in 0..<count { found.append(try text()) }
        return found
    }

    mutating func parameters() throws(FrameError) -> [Invocation.Parameter] {
        let count = try listCount(atLeast: 8)
        if count == 0 { return [] }
        var found: [Invocation.Parameter] = []
        found.reserveCapacity(count)
        for _ in 0..<count { found.append(Invocation.Parameter(try text(), try text())) }
        return found
    }
}
