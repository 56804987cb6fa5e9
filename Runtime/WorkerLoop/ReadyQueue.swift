/// A job that may run now, and by which of its loop's executors it came.
struct ReadyJob: Sendable {
    var job: UnownedJob
    var role: LoopExecutor.Role
}

/// The jobs that may run now, first in, first out: a ring that allocates only when it grows.
struct ReadyQueue: ~Copyable {
    private var storage: UnsafeMutablePointer<ReadyJob>
    private var capacity: Int
    private var head = 0
    private(set) var count = 0

    /// An empty ring for `capacity` jobs, a power of two.
    init(capacity: Int = 256) {
        self.capacity = capacity
        storage = .allocate(capacity: capacity)
    }

    deinit {
        storage.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    mutating func append(_ job: ReadyJob) {
        if count == capacity { grow() }
        (storage + ((head &+ count) & (capacity - 1))).initialize(to: job)
        count &+= 1
    }

    mutating func popFirst() -> ReadyJob? {
        guard count > 0 else { return nil }
        let job = storage[head]
        head = (head &+ 1) & (capacity - 1)
        count &-= 1
        return job
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<ReadyJob>.allocate(capacity: capacity * 2)
        let firstPart = capacity - head
        larger.initialize(from: storage + head, count: firstPart)
        (larger + firstPart).initialize(from: storage, count: head)
        storage.deallocate()
        storage = larger
        capacity *= 2
        head = 0
    }
}
