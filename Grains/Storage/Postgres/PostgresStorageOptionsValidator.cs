using Microsoft.Extensions.Options;
using Npgsql;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>Accepts connection URIs, and refuses what is no connection string without repeating it: it may hold a password.</summary>
internal sealed class PostgresStorageOptionsValidator
    : IPostConfigureOptions<PostgresStorageOptions>,
        IValidateOptions<PostgresStorageOptions>
{
    private const string Setting = $"{nameof(PostgresStorageOptions)}.{nameof(PostgresStorageOptions.ConnectionString)}";
    private const string MigrationSetting = $"{nameof(PostgresStorageOptions)}.{nameof(PostgresStorageOptions.MigrationConnectionString)}";

    private const string Form =
        "Write Host=…;Username=…;Password=…;Database=…, values with ; or = in double quotes, or postgres://user:password@host:5432/database.";

    public void PostConfigure(string? name, PostgresStorageOptions options)
    {
        options.ConnectionString = Convert(options.ConnectionString)!;
        options.MigrationConnectionString = Convert(options.MigrationConnectionString);
    }

    public ValidateOptionsResult Validate(string? name, PostgresStorageOptions options)
    {
        string[] faults =
        [
            .. new[]
            {
                FindFault(Setting, options.ConnectionString),
                FindFault(MigrationSetting, options.MigrationConnectionString),
            }.OfType<string>(),
        ];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static string? Convert(string? given) =>
        PostgresUri.IsUri(given ?? "") && PostgresUri.TryConvert(given!, out string converted, out _) ? converted : given;

    private static string? FindFault(string setting, string? given)
    {
        if (string.IsNullOrWhiteSpace(given))
        {
            return null;
        }

        if (PostgresUri.IsUri(given))
        {
            PostgresUri.TryConvert(given, out _, out string problem);
            return $"{setting} is not a valid URI: {problem} Write postgres://user:password@host:5432/database, other characters as %XX.";
        }

        try
        {
            return string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(given).Host) ? $"{setting} names no Host. {Form}" : null;
        }
        catch (Exception failure)
            when (failure is ArgumentException or FormatException or OverflowException or InvalidCastException or KeyNotFoundException)
        {
            return $"{setting} is not an Npgsql connection string. {Form}";
        }
    }
}
