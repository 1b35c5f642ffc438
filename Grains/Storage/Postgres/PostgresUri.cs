using System.Globalization;
using Npgsql;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>
/// Connection URIs as libpq and hosting providers write them: <c>postgres://user:password@host:5432/database?sslmode=require</c>. Every
/// part may be percent-encoded; several hosts stand with commas between them. Query parameters are libpq's, or keywords of Npgsql.
/// </summary>
internal static class PostgresUri
{
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    // libpq's names where Npgsql has others.
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["user"] = "Username",
        ["dbname"] = "Database",
        ["hostaddr"] = "Host",
        ["sslmode"] = "SSL Mode",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["sslrootcert"] = "Root Certificate",
        ["channel_binding"] = "Channel Binding",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["target_session_attrs"] = "Target Session Attributes",
        ["client_encoding"] = "Client Encoding",
    };

    /// <summary>Whether a text is meant to be such a URI.</summary>
    /// <returns>Whether it begins with one of the schemes.</returns>
    public static bool IsUri(string text) => Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>Converts a URI.</summary>
    /// <param name="connectionString">The Npgsql connection string; empty when the URI is not valid.</param>
    /// <param name="problem">What is wrong with it, without any part of it; empty when it is valid.</param>
    /// <returns>Whether it is valid.</returns>
    public static bool TryConvert(string uri, out string connectionString, out string problem)
    {
        connectionString = "";
        problem = "";
        try
        {
            connectionString = Convert(uri);
            return true;
        }
        catch (FormatException failure)
        {
            problem = failure.Message;
            return false;
        }
    }

    private static string Convert(string uri)
    {
        string rest = uri[(uri.IndexOf("//", StringComparison.Ordinal) + 2)..];
        (rest, string query) = Cut(rest, rest.IndexOf('?', StringComparison.Ordinal));
        (string authority, string database) = Cut(rest, rest.IndexOf('/', StringComparison.Ordinal));
        int at = authority.LastIndexOf('@');
        var builder = new NpgsqlConnectionStringBuilder();
        if (at >= 0)
        {
            (string user, string password) = Cut(authority[..at], authority[..at].IndexOf(':', StringComparison.Ordinal));
            Set(builder, "Username", Decode(user));
            Set(builder, "Password", Decode(password));
        }

        SetHosts(builder, authority[(at + 1)..]);
        Set(builder, "Database", Decode(database));
        foreach (string parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            (string name, string value) = Cut(parameter, parameter.IndexOf('=', StringComparison.Ordinal));
            Apply(builder, Decode(name), Decode(value));
        }

        return string.IsNullOrEmpty(builder.Host) ? throw new FormatException("it names no host.") : builder.ConnectionString;
    }

    private static void SetHosts(NpgsqlConnectionStringBuilder builder, string hosts)
    {
        string[] all = hosts.Split(',');
        List<(string Host, int? Port)> parsed = [.. all.Where(host => host.Length > 0).Select(ParseHost)];
        if (parsed is [(string host, var port)])
        {
            builder.Host = host;
            builder.Port = port ?? NpgsqlConnection.DefaultPort;
        }
        else if (parsed.Count > 1)
        {
            builder.Host = string.Join(
                ',',
                parsed.Select(one =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{(one.Host.Contains(':', StringComparison.Ordinal) ? $"[{one.Host}]" : one.Host)}:{one.Port ?? NpgsqlConnection.DefaultPort}"
                    )
                )
            );
        }
    }

    private static (string Host, int? Port) ParseHost(string text)
    {
        int end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        if (text.StartsWith('[') && end < 0)
        {
            throw new FormatException("an IPv6 address has no closing bracket.");
        }

        int colon = text.IndexOf(':', Math.Max(end, 0));
        (string host, string port) = Cut(text, colon);
        host = end < 0 ? Decode(host) : text[1..end];
        return colon < 0 ? (host, null)
            : int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= 65_535
                ? (host, number)
            : throw new FormatException("the port is not 1 to 65535.");
    }

    private static void Apply(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        try
        {
            if (name.Equals("sslmode", StringComparison.OrdinalIgnoreCase))
            {
                builder.SslMode = Enum.Parse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
                return;
            }

            builder[Keywords.GetValueOrDefault(name, name)] = name.Equals("target_session_attrs", StringComparison.OrdinalIgnoreCase)
                ? value.Replace('_', '-')
                : value;
        }
        catch (Exception failure)
            when (failure is ArgumentException or FormatException or OverflowException or InvalidCastException or KeyNotFoundException)
        {
            throw new FormatException("a query parameter is not known to libpq or Npgsql, or its value is not valid.", failure);
        }
    }

    private static void Set(NpgsqlConnectionStringBuilder builder, string keyword, string value)
    {
        if (value.Length > 0)
        {
            builder[keyword] = value;
        }
    }

    private static (string Before, string After) Cut(string text, int index) =>
        index < 0 ? (text, "") : (text[..index], text[(index + 1)..]);

    private static string Decode(string text)
    {
        for (int index = text.IndexOf('%', StringComparison.Ordinal); index >= 0; index = text.IndexOf('%', index + 1))
        {
            if (index + 2 >= text.Length || !char.IsAsciiHexDigit(text[index + 1]) || !char.IsAsciiHexDigit(text[index + 2]))
            {
                throw new FormatException("a % is not followed by two hexadecimal digits.");
            }
        }

        return Uri.UnescapeDataString(text);
    }
}
