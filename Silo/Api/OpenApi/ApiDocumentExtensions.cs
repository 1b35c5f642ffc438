using Microsoft.OpenApi;
using OrleansMemory.Silo.Access;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>Registers the OpenAPI document.</summary>
internal static class ApiDocumentExtensions
{
    private const string BearerScheme = "apiKey";

    /// <summary>Adds the document <c>v1</c>.</summary>
    /// <param name="services">The services.</param>
    public static void AddApiDocument(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.AddOperationTransformer(ParameterDescriber.DescribeAsync);
            options.AddOperationTransformer(OneOrManyMessages.DescribeAsync);
            options.AddOperationTransformer(AccessDescriber.DescribeAsync);
            options.AddSchemaTransformer(RawJsonDescriber.DescribeAsync);
            options.AddSchemaTransformer(ObjectDescriber.DescribeAsync);
            options.AddDocumentTransformer((document, _, _) =>
            {
                Describe(document);
                return Task.CompletedTask;
            });
        });

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "OrleansMemory",
            Version = "v1",
            Description =
                "Durable conversation memory. A turn is durable when it is answered, and a turn id makes it safe to send again. "
                + "Errors are application/problem+json with a stable code.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[BearerScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description =
                "An API key. It names the tenant, a role (Reader, Writer, TenantAdministrator or Operator) and perhaps the only user whose data it opens. An operator names the tenant that it acts on in the "
                + $"header {AccessHeaders.Tenant}. Not needed where no keys are configured: then only the same machine is served.",
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, document)] = [] }];
        document.Servers = [];
    }
}
