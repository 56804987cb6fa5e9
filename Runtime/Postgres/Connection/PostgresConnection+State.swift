import CLibPQ
import Glibc

extension PostgresConnection {
    /// Why a transaction was given up, and its connection closed.
    static let endedByHand = PostgresError(
        .statement, "A transaction begins and ends with its closure, not by BEGIN, COMMIT or ROLLBACK")

    /// Whether the connection has not been closed from this side.
    var isOpen: Bool { handle != nil }

    /// Whether the connection is open, in no transaction as far as libpq knows, and as it was when it was opened.
    var isReusable: Bool {
        guard let handle, !isInTransaction, !isChanged else { return false }
        return PQstatus(handle) == CONNECTION_OK && PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    /// Whether the connection is open, and in no transaction.
    var isIdle: Bool {
        guard let handle else { return false }
        return PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    /// Makes all further use of the connection fail; whoever uses it now finds out and closes it.
    func breakOff() {
        guard let handle, PQsocket(handle) >= 0 else { return }
        shutdown(PQsocket(handle), Int32(SHUT_RDWR))
    }

    /// Whether a statement has left the connection as it may: in no transaction that it did not find.
    var isSettled: Bool {
        guard let handle else { return false }
        switch PQtransactionStatus(handle) {
        case PQTRANS_IDLE: return true
        case PQTRANS_INTRANS, PQTRANS_INERROR: return isInTransaction
        default: return false
        }
    }

    /// Whether nothing but rolling back is left to the transaction, or not even that.
    var isFailedOrClosed: Bool {
        guard let handle, PQstatus(handle) == CONNECTION_OK else { return true }
        return PQtransactionStatus(handle) == PQTRANS_INERROR
    }

    /// Closes the connection and throws if a statement has ended the transaction that it ran in.
    func checkInTransaction() throws(PostgresError) {
        guard let handle, PQstatus(handle) == CONNECTION_OK, PQtransactionStatus(handle) == PQTRANS_IDLE else {
            return
        }
        close()
        throw Self.endedByHand
    }

    /// Whether the connection can serve the next statement: reusable, and not closed by the server meanwhile. One
    /// system call.
    var isReady: Bool {
        guard isReusable, let handle else { return false }
        switch clibpq_socket_state(PQsocket(handle)) {
        case Int32(clibpq_quiet.rawValue): return true
        case Int32(clibpq_closed.rawValue): return false
        default:
            // A notice, a changed setting, or the server's farewell.
            guard PQconsumeInput(handle) == 1, PQisBusy(handle) == 0, PQstatus(handle) == CONNECTION_OK else {
                return false
            }
            return clibpq_socket_state(PQsocket(handle)) != Int32(clibpq_closed.rawValue)
        }
    }
}
