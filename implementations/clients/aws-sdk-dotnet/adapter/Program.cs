// Calls StartWebAuthnRegistration through the AWS SDK for .NET: a scenario on each line of standard input, an answer on
// each line of standard output.

using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.CognitoIdentityProvider;
using Amazon.CognitoIdentityProvider.Model;
using Amazon.Runtime;
using Amazon.Runtime.Documents;

const int Detail = 16 * 1024; // characters, of at most four bytes

using var input = new StreamReader(Console.OpenStandardInput());
using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true, NewLine = "\n" };
while (await input.ReadLineAsync() is { } line)
{
    JsonNode scenario = JsonNode.Parse(line)!;
    JsonObject answer = await Call(scenario);
    answer["scenario"] = Text(scenario, "scenario");
    await output.WriteLineAsync(answer.ToJsonString());
}

static string Text(JsonNode scenario, string name) => (string)scenario[name]!;

static async Task<JsonObject> Call(JsonNode scenario)
{
    // Everything else is as the SDK has it. The operation takes no credentials.
    var config = new AmazonCognitoIdentityProviderConfig
    {
        ServiceURL = Text(scenario, "endpoint"),
        AuthenticationRegion = Text(scenario, "region"),
    };
    using var client = new AmazonCognitoIdentityProviderClient(new AnonymousAWSCredentials(), config);
    var request = new StartWebAuthnRegistrationRequest { AccessToken = Text(scenario, "access_token") };
    try
    {
        StartWebAuthnRegistrationResponse response = await client.StartWebAuthnRegistrationAsync(request);
        return new JsonObject
        {
            ["outcome"] = "success",
            ["status"] = (int)response.HttpStatusCode,
            ["request_id"] = response.ResponseMetadata?.RequestId,
            ["options"] = Json(response.CredentialCreationOptions),
        };
    }
    // Its own failures have the same class: an answer that it cannot read, and no answer at all, which has no status.
    catch (AmazonServiceException error) when (error is not AmazonUnmarshallingException && error.StatusCode != 0)
    {
        return new JsonObject
        {
            ["outcome"] = "error",
            ["code"] = error.ErrorCode,
            ["message"] = error.Message,
            ["status"] = (int)error.StatusCode,
            ["request_id"] = error.RequestId,
            ["retryable"] = error.Retryable is not null,
            ["detail"] = Cut(error),
        };
    }
    catch (Exception error)
    {
        return new JsonObject
        {
            ["outcome"] = "failure",
            ["code"] = error.GetType().Name,
            ["message"] = error.Message,
            ["detail"] = Cut(error),
        };
    }
}

// The document as JSON. A number stays what the SDK made of it: an integer, or a double. JSON has no infinity: text.
static JsonNode? Json(Document document) => document.Type switch
{
    DocumentType.Bool => document.AsBool(),
    DocumentType.Int => document.AsInt(),
    DocumentType.Long => document.AsLong(),
    DocumentType.Double when double.IsFinite(document.AsDouble()) => document.AsDouble(),
    DocumentType.Double => document.AsDouble().ToString(CultureInfo.InvariantCulture),
    DocumentType.String => document.AsString(),
    DocumentType.List => new JsonArray(document.AsList().Select(Json).ToArray()),
    DocumentType.Dictionary => new JsonObject(
        document.AsDictionary().Select(member => KeyValuePair.Create(member.Key, Json(member.Value)))),
    _ => null,
};

static string Cut(Exception error)
{
    string detail = error.ToString();
    return detail.Length > Detail ? detail[..Detail] : detail;
}
