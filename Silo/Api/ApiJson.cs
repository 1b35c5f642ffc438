using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansMemory.Client.Json;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Api.Requests;

namespace OrleansMemory.Silo.Api;

/// <summary>How answers are written, and what the OpenAPI document is made from.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ConversationDocument))]
[JsonSerializable(typeof(ConversationListDocument))]
[JsonSerializable(typeof(ReceiptDocument))]
[JsonSerializable(typeof(MessagePageDocument))]
[JsonSerializable(typeof(SearchPageDocument))]
[JsonSerializable(typeof(EntryDocument))]
[JsonSerializable(typeof(EntriesDocument))]
[JsonSerializable(typeof(WorkingMemoryDocument))]
[JsonSerializable(typeof(DeletedDocument))]
[JsonSerializable(typeof(TruncatedDocument))]
[JsonSerializable(typeof(RestartedDocument))]
[JsonSerializable(typeof(EndedDocument))]
[JsonSerializable(typeof(ErasedDocument))]
[JsonSerializable(typeof(TenantUsageDocument))]
[JsonSerializable(typeof(TenantListDocument))]
[JsonSerializable(typeof(ConversationUsageListDocument))]
[JsonSerializable(typeof(UserUsageListDocument))]
[JsonSerializable(typeof(DayUsageListDocument))]
[JsonSerializable(typeof(QuotasDocument))]
[JsonSerializable(typeof(AuditListDocument))]
[JsonSerializable(typeof(ImportedUserDocument))]
[JsonSerializable(typeof(HealthDocument))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(ExportDocument))]
[JsonSerializable(typeof(TurnBody))]
[JsonSerializable(typeof(MessageBody))]
[JsonSerializable(typeof(SettingsBody))]
[JsonSerializable(typeof(TruncateBody))]
[JsonSerializable(typeof(WorkingMemoryBody))]
[JsonSerializable(typeof(WorkingMemoryTextBody))]
[JsonSerializable(typeof(ForkBody))]
[JsonSerializable(typeof(MessageDocument))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Sets the options of the app.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.Encoder = LoneSurrogateEncoder.Instance;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.TypeInfoResolverChain.Insert(0, Default);
    }
}
