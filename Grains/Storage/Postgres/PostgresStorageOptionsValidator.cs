using Microsoft.Extensions.Options;
using Npgsql;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>Accepts connection URIs, and refuses what is no connection string without repeating it: it may hold a password.</summary>
internal sealed class PostgresStorageOptionsValidator : IPostConfigureOptions<PostgresStorageOptions>, IValidateOptions<PostgresStorageOptions>
{
    private const string Setting = $"{nameof(PostgresStorageOptions)}.{nameof(PostgresStorageOptions.ConnectionString)}";

    private const string Form =
        "Write Host=…;Username=…;Password=…;Database=…, values with ; or = in double quotes, or postgres://user:password@host:5432/database.";

    public void PostConfigure(string? name, PostgresStorageOptions options)
    {
        if (PostgresUri.IsUri(options.ConnectionString) && PostgresUri.TryConvert(options.ConnectionString, out string connectionString, out _))
        {
            options.ConnectionString = connectionString;
        }
    }

    public ValidateOptionsResult Validate(string? name, PostgresStorageOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            return ValidateOptionsResult.Skip;
        }

        if (PostgresUri.IsUri(options.ConnectionString))
        {
            PostgresUri.TryConvert(options.ConnectionString, out _, out string problem);
            return ValidateOptionsResult.Fail($"{Setting} is not a valid URI: {problem} Write postgres://user:password@host:5432/database, other characters as %XX.");
        }

        try
        {
            return string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(options.ConnectionString).Host)
                ? ValidateOptionsResult.Fail($"{Setting} names no Host. {Form}")
                : ValidateOptionsResult.Success;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or OverflowException or InvalidCastException or KeyNotFoundException)
        {
            return ValidateOptionsResult.Fail($"{Setting} is not an Npgsql connection string. {Form}");
        }
    }
}
