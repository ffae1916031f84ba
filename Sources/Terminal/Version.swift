/// The version of the programs and of the package (Semantic Versioning 2.0.0); `CHANGELOG.md` says what each brought.
package let version = "0.1.0"
