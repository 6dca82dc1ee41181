export default async () => "ein-token";
