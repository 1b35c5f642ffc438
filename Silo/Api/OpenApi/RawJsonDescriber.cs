using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>Describes the properties that hold JSON as it came: the serializer knows nothing of what is inside.</summary>
internal static class RawJsonDescriber
{
    /// <summary>Describes a schema.</summary>
    /// <param name="context">Where it stands.</param>
    /// <param name="cancellationToken">Not needed.</param>
    /// <returns>A finished task.</returns>
    public static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        bool isRaw =
            context
                .JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(JsonConverterAttribute), false)
                .OfType<JsonConverterAttribute>()
                .Any(attribute => attribute.ConverterType == typeof(RawJsonConverter))
            ?? false;
        if (isRaw)
        {
            JsonSchemaType orNull = context.JsonPropertyInfo is { IsGetNullable: true } or { IsSetNullable: true }
                ? JsonSchemaType.Null
                : default;
            switch (context.JsonPropertyInfo!.Name)
            {
                case "contents":
                    schema.Type = JsonSchemaType.Array | orNull;
                    schema.Items = Content();
                    break;
                case "metadata" or "additionalProperties":
                    schema.Type = JsonSchemaType.Object | orNull;
                    break;
                default:
                    schema.Type = null;
                    break;
            }
        }

        return Task.CompletedTask;
    }

    private static OpenApiSchema Content() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = "A Microsoft.Extensions.AI content, such as {\"$type\":\"text\",\"text\":\"Hello\"}.",
            Required = new HashSet<string> { "$type" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["$type"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "text, functionCall, functionResult, data, uri, …",
                },
            },
            AdditionalProperties = new OpenApiSchema(),
        };
}
