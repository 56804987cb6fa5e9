/// Writes the parts of a key as `KeyWriter` does, into memory whose size was counted before.
struct KeyMemory {
    private let start: UnsafeMutableRawPointer?
    private let room: Int
    /// Bytes written.
    private(set) var count = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        start = UnsafeMutableRawPointer(buffer.baseAddress)
        room = buffer.count
    }

    @inline(__always)
    mutating func byte(_ value: UInt8) {
        guard let start, room - count >= 1 else { return }
        start.storeBytes(of: value, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    @inline(__always)
    mutating func part(_ value: UnsafeRawBufferPointer) {
        guard let start, room - count >= 4 else { return }
        start.storeBytes(of: UInt32(truncatingIfNeeded: value.count).littleEndian, toByteOffset: count, as: UInt32.self)
        count += 4
        raw(value)
    }

    @inline(__always)
    mutating func part(_ value: [UInt8]) { value.withUnsafeBytes { part($0) } }

    /// Adds parts that were written before.
    @inline(__always)
    mutating func raw(_ written: [UInt8]) { written.withUnsafeBytes { raw($0) } }

    @inline(__always)
    private mutating func raw(_ value: UnsafeRawBufferPointer) {
        guard let start, let from = value.baseAddress, room - count >= value.count else { return }
        (start + count).copyMemory(from: from, byteCount: value.count)
        count += value.count
    }
}
