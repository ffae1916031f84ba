/// One of the two who play.
package enum Player: Hashable, Sendable {
  case human, machine
}
