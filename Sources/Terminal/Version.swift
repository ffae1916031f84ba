/// The version of the programs and of the package (Semantic Versioning 2.0.0); changes are listed in `CHANGELOG.md`.
package let version = "0.1.0"
