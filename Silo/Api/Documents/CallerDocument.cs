namespace OrleansMemory.Silo.Api.Documents;

/// <summary>Who the caller is.</summary>
/// <param name="Role">
/// Reader, Writer, TenantAdministrator or Operator; each may do what those before it may. Without keys everybody on the machine is an
/// Operator.
/// </param>
/// <param name="Tenant">The tenant that the request is about; null for an operator who has named none.</param>
/// <param name="UserId">The only user whose data the key opens; null for all users.</param>
/// <param name="KeyName">The name of the key; null where it has none, and without keys.</param>
internal sealed record CallerDocument(string Role, string? Tenant, string? UserId, string? KeyName);
