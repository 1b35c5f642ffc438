using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansMemory.Silo.Access;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>Registers the OpenAPI document.</summary>
internal static class ApiDocumentExtensions
{
    private const string BearerScheme = "apiKey";

    private static readonly Dictionary<string, string> References = new(StringComparer.Ordinal)
    {
        ["ExportDocument.settings"] = "The settings.",
        ["ConversationDocument.ttl"] = "How long it lives; null: it does not expire.",
        ["ConversationDocument.origin"] = "Where it was forked from; null when it is no fork.",
        ["SettingsBody.ttl"] = "How long it lives; null: it does not expire.",
        ["TenantUsageDocument.quotas"] = "What it may use at most; left out in lists.",
        ["TenantDocument.defaultTtl"] =
            "How long a new conversation lives whose first turn does not say so; null for what the silos are configured with.",
        ["TenantDocument.limits"] = "Limits. Where the silos are configured with a lower one, that one holds.",
        ["TurnBody.settings"] = "Settings that hold where this turn begins the conversation; ignored where it goes on.",
        ["RecalledDocument.memory"] = "The memory.",
        ["RecalledDocument.why"] = "Why it was recalled; null unless the question asks for it by explain.",
        ["SearchHitDocument.message"] = "The message.",
        ["SearchHitDocument.excerpt"] = "A piece of its text around the first match.",
    };

    /// <summary>Adds the document <c>v1</c>.</summary>
    public static void AddApiDocument(this IServiceCollection services)
    {
        services.AddSingleton<ApiDocument>();
        services.AddOpenApi(
            ApiDocument.Name,
            options =>
            {
                // Any JSON is no type that a generated client could have.
                options.CreateSchemaReferenceId = static type =>
                    (Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(JsonElement)
                        ? null
                        : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
                options.AddOperationTransformer(ParameterDescriber.DescribeAsync);
                options.AddOperationTransformer(OneOrManyMessages.DescribeAsync);
                options.AddOperationTransformer(OperationNotes.DescribeAsync);
                options.AddOperationTransformer(AnswerDescriber.DescribeAsync);
                options.AddOperationTransformer(AccessDescriber.DescribeAsync);
                options.AddSchemaTransformer(RawJsonDescriber.DescribeAsync);
                options.AddSchemaTransformer(ScopeNamesDescriber.DescribeAsync);
                options.AddSchemaTransformer(ObjectDescriber.DescribeAsync);
                options.AddDocumentTransformer(
                    (document, _, _) =>
                    {
                        Describe(document);
                        return Task.CompletedTask;
                    }
                );
            }
        );
    }

    // The generator leaves out what is said of a property where it stands for a schema of its own.
    private static void DescribeReferences(OpenApiDocument document)
    {
        foreach ((string place, string description) in References)
        {
            string[] names = place.Split('.');
            if (
                document.Components?.Schemas?.TryGetValue(names[0], out IOpenApiSchema? schema) == true
                && schema.Properties?.TryGetValue(names[1], out IOpenApiSchema? property) == true
            )
            {
                property.Description = description;
            }
        }
    }

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

        // The document is the same for all: it repeats nothing of the request that asks for it.
        document.Servers =
        [
            new OpenApiServer { Url = "/", Description = "Where this document comes from." },
            new OpenApiServer { Url = "http://127.0.0.1:5080/", Description = "A silo on this machine with nothing configured." },
        ];
        document.Tags = OperationNotes
            .All.Tags.Select(static tag => new OpenApiTag { Name = tag.Key, Description = tag.Value })
            .ToHashSet();
        DescribeReferences(document);
    }
}
