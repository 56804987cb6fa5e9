import NIOCore
import Testing

@testable import HTTPServing

@Suite struct SharedReadsTests {
    @Test("a buffer that somebody still holds is never written over")
    func held() {
        let reads = SharedReads()
        var first = reads.take()
        first.writeString("first request")
        let held = first
        reads.giveBack(first)
        var second = reads.take()
        #expect(second.readableBytes == 0)
        second.writeString("another's bytes")
        #expect(held.getString(at: 0, length: 13) == "first request")
        #expect(second.getString(at: 0, length: 15) == "another's bytes")
    }

    @Test("while one is lent another is made, and one of another size is not kept")
    func lent() {
        let reads = SharedReads()
        let first = reads.take()
        let second = reads.take()
        #expect(first.capacity == SharedReads.capacity && second.capacity == SharedReads.capacity)
        reads.giveBack(ByteBufferAllocator().buffer(capacity: 16))
        #expect(reads.take().capacity == SharedReads.capacity)
    }

    @Test("the first read of a connection has a small buffer of its own, the others the loop's")
    func allocator() {
        var allocator = SharedReadAllocator(SharedReads())
        #expect(allocator.buffer(allocator: ByteBufferAllocator()).capacity < SharedReads.capacity)
        let mayChange = allocator.record(actualReadBytes: 100)
        #expect(mayChange)
        #expect(allocator.buffer(allocator: ByteBufferAllocator()).capacity == SharedReads.capacity)
        #expect(allocator.nextBufferSize() == nil)
    }
}
