import Testing

@testable import WireProtocol

@Suite("Memory shared with a receiver")
struct BodyRingTests {
    private static func withRing(_ size: Int, _ body: (inout BodyRing, UnsafeRawBufferPointer) throws -> Void) rethrows
    {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        defer { memory.deallocate() }
        var ring = BodyRing(memory)
        try body(&ring, UnsafeRawBufferPointer(memory))
    }

    private static func add(_ count: Int, to ring: inout BodyRing, _ byte: UInt8 = 7) -> Int {
        [UInt8](repeating: byte, count: count).withUnsafeBytes { ring.add($0) }
    }

    @Test("bytes lie one behind the other, and at the start again once all are given back")
    func order() {
        Self.withRing(100) { ring, _ in
            #expect(Self.add(40, to: &ring) == 0)
            #expect(Self.add(20, to: &ring) == 40)
            ring.giveBack(40)
            #expect(Self.add(10, to: &ring) == 60)
            ring.giveBack(30)
            #expect(ring.used == 0 && ring.room(for: 1_000) == 100)
            #expect(Self.add(30, to: &ring) == 0)
        }
    }

    @Test("a piece that does not fit behind the others goes before them, as far as those were given back")
    func wrapping() {
        Self.withRing(100) { ring, _ in
            _ = Self.add(90, to: &ring)
            #expect(ring.room(for: 50) == 10)
            ring.giveBack(30)
            #expect(ring.room(for: 10) == 10 && ring.room(for: 50) == 30)
            #expect(Self.add(25, to: &ring) == 0)
            #expect(ring.room(for: 50) == 5)
            // Exactly up to the end of those behind, and then past it.
            ring.giveBack(60)
            #expect(ring.used == 25 && ring.room(for: 200) == 75)
            ring.giveBack(25)
            #expect(ring.used == 0 && ring.room(for: 200) == 100)
        }
    }

    @Test("a giving back may end in the middle of a piece, on both sides of the end")
    func parts() {
        Self.withRing(100) { ring, _ in
            _ = Self.add(80, to: &ring)
            ring.giveBack(50)
            _ = Self.add(40, to: &ring)
            ring.giveBack(35)
            #expect(ring.used == 35)
            // The five bytes at the start are free, and those from 40 on.
            #expect(ring.room(for: 100) == 60)
            #expect(Self.add(60, to: &ring) == 40)
            #expect(ring.room(for: 100) == 5)
            #expect(Self.add(5, to: &ring) == 0)
            #expect(ring.used == 100 && ring.room(for: 1) == 0)
        }
    }

    @Test("what was added stays as it is until it is given back, whatever comes", arguments: 1...20)
    func intact(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        Self.withRing(1_000) { ring, memory in
            var waiting: [(place: Int, count: Int, byte: UInt8)] = []
            var lapsed = 0
            for step in 0..<3_000 {
                let wanted = Int.random(in: 1...400, using: &generator)
                let room = ring.room(for: wanted)
                // A part at the end may be left out, less than half of the whole.
                #expect(room > 0 || ring.used > 500)
                if room > 0, Bool.random(using: &generator) {
                    let byte = UInt8(truncatingIfNeeded: step)
                    waiting.append((Self.add(room, to: &ring, byte), room, byte))
                }
                // As a window's increments do, a giving back ends anywhere.
                if ring.used > 0, Bool.random(using: &generator) {
                    var back = Int.random(in: 1...ring.used, using: &generator)
                    ring.giveBack(back)
                    lapsed += back
                    while back > 0 {
                        let taken = min(back, waiting[0].count)
                        waiting[0].place += taken
                        waiting[0].count -= taken
                        back -= taken
                        if waiting[0].count == 0 { waiting.removeFirst() }
                    }
                }
                for piece in waiting {
                    let isIntact = memory[piece.place..<(piece.place + piece.count)].allSatisfy { $0 == piece.byte }
                    #expect(isIntact)
                }
                #expect(ring.used == waiting.reduce(0) { $0 + $1.count })
            }
            #expect(lapsed > 20_000)
        }
    }
}
