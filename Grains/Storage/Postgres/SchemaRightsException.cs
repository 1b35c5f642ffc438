namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>The schema must be changed, and the account may not. What the start says of it is <see cref="DatabaseStart"/>'s.</summary>
/// <param name="cause">What PostgreSQL said.</param>
internal sealed class SchemaRightsException(Exception cause) : Exception("The schema must be changed, and the account may not.", cause);
