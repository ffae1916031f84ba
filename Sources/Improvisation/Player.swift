/// One of the two players.
package enum Player: Hashable, Sendable {
  case human, machine
}
