using System.Text.Json.Nodes;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;

namespace OrleansMemory.Tests.Http;

/// <summary>Makes the client of the package OrleansMemory.Http from the OpenAPI document.</summary>
internal static class HttpClientSource
{
    /// <summary>The client's source.</summary>
    /// <param name="document">The OpenAPI document.</param>
    public static async Task<string> GenerateAsync(string document)
    {
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "MemoryHttpClient",
            ExceptionClass = "MemoryHttpException",
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
            UseBaseUrl = false,
            DisposeHttpClient = false,
            GenerateOptionalParameters = true,
            GenerateBaseUrlProperty = false,
        };
        settings.ParameterNameGenerator = new CamelCaseNames();
        settings.CSharpGeneratorSettings.Namespace = "OrleansMemory.Http";
        settings.CSharpGeneratorSettings.JsonLibrary = CSharpJsonLibrary.SystemTextJson;
        settings.CSharpGeneratorSettings.GenerateNullableReferenceTypes = true;
        settings.CSharpGeneratorSettings.GenerateOptionalPropertiesAsNullable = true;
        settings.CSharpGeneratorSettings.DateType = "System.DateTimeOffset";
        OpenApiDocument read = await OpenApiDocument.FromJsonAsync(Streamed(document));
        return new CSharpClientGenerator(read, settings).GenerateFile().ReplaceLineEndings("\n");
    }

    // What may be larger than memory is a stream in the client, whatever its JSON is.
    private static string Streamed(string document)
    {
        JsonNode root = JsonNode.Parse(document)!;
        foreach ((string _, JsonNode? path) in root["paths"]!.AsObject())
        {
            foreach ((string _, JsonNode? operation) in path!.AsObject())
            {
                string id = (string?)operation!["operationId"] ?? string.Empty;
                foreach ((string status, JsonNode? response) in operation["responses"]!.AsObject())
                {
                    if (status is "200" && (id.StartsWith("export", StringComparison.Ordinal) || id is "watchConversation"))
                    {
                        MakeBinary(response!["content"]);
                    }
                }

                if (id.StartsWith("import", StringComparison.Ordinal))
                {
                    MakeBinary(operation["requestBody"]?["content"]);
                }
            }
        }

        return root.ToJsonString();
    }

    private static void MakeBinary(JsonNode? content)
    {
        foreach ((string _, JsonNode? type) in content!.AsObject())
        {
            type!["schema"] = new JsonObject { ["type"] = "string", ["format"] = "binary" };
        }
    }

    // Idempotency-Key is idempotencyKey.
    private sealed class CamelCaseNames : IParameterNameGenerator
    {
        private readonly DefaultParameterNameGenerator _others = new();

        public string Generate(OpenApiParameter parameter, IEnumerable<OpenApiParameter> allParameters)
        {
            string[] words = parameter.Name.Split('-');
            return words.Length == 1
                ? _others.Generate(parameter, allParameters)
                : words[0].ToLowerInvariant()
                    + string.Concat(words.Skip(1).Select(static word => char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant()));
        }
    }
}
